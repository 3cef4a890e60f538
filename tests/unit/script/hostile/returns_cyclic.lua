-- ends: done
-- a table in itself
function f() local t = {} t.t = t return t end
