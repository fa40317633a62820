"""Who calls and what they may: principals, accounts, sign-in, tokens, forgery protection."""
