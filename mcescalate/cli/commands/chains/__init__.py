"""Commands that simulate, solve or describe chains."""
