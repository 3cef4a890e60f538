-- ends: refused
-- not in the language
function f() return rawget(string, 'len') end
