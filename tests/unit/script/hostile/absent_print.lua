-- ends: refused
-- not in the language
function f() return print(1) end
