"""Which kernels this process has compiled, or is compiling, known without loading the compiler."""

from typing import Protocol


class Compiled(Protocol):
    """A kernel that is compiled when it is first called."""

    @property
    def is_compiling(self) -> bool:
        """Whether it is being compiled, and not merely read from disk."""


compiled_kernels: list[Compiled] = []
"""Those of this process."""


def is_compiling() -> bool:
    """Whether a kernel is being compiled in this process, which takes half a minute."""
    return any(kernel.is_compiling for kernel in compiled_kernels)
