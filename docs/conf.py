"""How Sphinx makes the documentation; `scripts/docs` calls it."""

import sys
from pathlib import Path

DOCS = Path(__file__).parent
sys.path.insert(0, str(DOCS / "_extensions"))

import mcescalate  # noqa: E402
from mcescalate import analysis  # noqa: E402

# Users reach these modules as attributes, whatever their folders; autodoc imports them.
sys.modules["mcescalate.plots"] = mcescalate.plots
for _name in dir(analysis):
    sys.modules.setdefault(f"mcescalate.analysis.{_name}", getattr(analysis, _name))

project = "mcescalate"
author = "The mcescalate developers"
project_copyright = author
release = version = mcescalate.__version__

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
    "myst_nb",
    "sphinx_design",
    "sphinx_copybutton",
    "case_pictures",
]
exclude_patterns = ["_templates", "_extensions", "examples"]
templates_path = ["_templates"]
nitpicky = False  # types in signatures are abbreviated; links between pages are always checked

# Fenced blocks without a language are commands and patterns, not Python.
highlight_language = "none"
default_role = "code"

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 4
smartquotes_action = "qe"  # no dashes: headings name options such as --set

# Notebooks are stored without outputs; each build runs them, and an error ends it.
nb_execution_mode = "force"
nb_execution_timeout = 300
nb_execution_raise_on_error = True
nb_ipywidgets_js = {}  # no page loads anything from elsewhere

autosummary_generate = True
autosummary_context = {
    "shown_members": {
        "Sweep": "n_points, scenario",
        "Data": "scenario, disputes",
        "Lever": "kind, label, pull",
        "Trace": "to_dict",
    }
}
autodoc_typehints_format = "short"
autodoc_inherit_docstrings = False
maximum_signature_line_length = 80
numpydoc_show_class_members = False
numpydoc_class_members_toctree = False

html_theme = "pydata_sphinx_theme"
html_title = "mcescalate"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {
    "show_nav_level": 1,
    "navigation_depth": 3,
    "show_toc_level": 2,
    "navbar_align": "left",
    "header_links_before_dropdown": 6,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": ["sphinx-version"],
}
html_sidebars = {"index": []}

copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
