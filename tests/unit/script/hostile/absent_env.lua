-- ends: refused
-- the environment itself
function f() return _ENV end
