-- ends: failed
-- not in the language
function f() return coroutine.wrap(f) end
