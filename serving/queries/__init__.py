"""Every read: asks who may see; absent and not allowed are one answer."""
