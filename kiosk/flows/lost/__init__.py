"""Lost and found cards."""
