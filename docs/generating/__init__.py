"""The generated pages of the documentation, one module for each subject; every page is an iterator of lines."""
