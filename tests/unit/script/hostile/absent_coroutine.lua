-- ends: refused
-- not in the language
function f() return coroutine.wrap(f) end
