"""What the bot is made of: which packages it ships with, under which licences."""
