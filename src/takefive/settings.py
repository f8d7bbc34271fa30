"""placeholder replaced in the next commit"""
SECRET_KEY = "x"
