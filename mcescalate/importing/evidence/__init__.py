"""What the data files say of a day, and the account of what was used."""
