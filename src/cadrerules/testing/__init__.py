"""Help for those who test rules; what it needs beyond the library is in the extra `testing`."""
