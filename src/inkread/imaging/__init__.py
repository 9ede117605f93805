"""From a photo to ink to crops: everything that looks at pixels."""
