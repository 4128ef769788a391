"""What people look at: the web application, tiles, report maps."""
