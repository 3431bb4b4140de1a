"""Tools for who looks after this repository; the service never imports them."""
