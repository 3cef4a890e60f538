-- ends: refused
-- not in the language
function f() return _G.string end
