-- ends: refused
-- not in the language
function f() return collectgarbage() end
