"""The engines that evaluate bound policies."""
