"""The look: tokens, faces, icons and everything that is baked into pictures from them."""
