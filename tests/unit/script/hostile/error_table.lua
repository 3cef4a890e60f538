-- ends: failed
-- a table
function f() error({ message = 'x' }) end
