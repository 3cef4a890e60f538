-- ends: refused
-- not in the language
function f() return rawset(string, 'len', nil) end
