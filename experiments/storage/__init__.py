"""Result folders: written whole, sealed, verified, never another study's."""
