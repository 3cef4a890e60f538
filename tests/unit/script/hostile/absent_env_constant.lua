-- ends: refused
-- wrong code in Lua 5.4.4
function f() local _ENV <const> = 11 X = 'hi' end
