"""What a deployment takes: many workspaces, few processors."""
