"""Results written without the checks that `mcescalate.save` makes."""

from pathlib import Path

import xarray as xr

from mcescalate.results.arrays import Arrays
from mcescalate.results.files.canonical import DIGEST, content_digest
from mcescalate.results.files.netcdf import netcdf_image


def write_unchecked(dataset: xr.Dataset, file: Path) -> None:
    """Write a file whose checksum is right, whatever it holds."""
    write_unmarked(dataset.assign_attrs({DIGEST: content_digest(dataset)}), file)


def write_unmarked(dataset: xr.Dataset, file: Path) -> None:
    """Write a file with the checksum that there is."""
    file.write_bytes(netcdf_image(Arrays.from_dataset(dataset)))
