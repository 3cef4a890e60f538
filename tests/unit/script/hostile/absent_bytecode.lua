-- ends: refused
-- not a text
Lua
