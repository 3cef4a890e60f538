-- ends: failed
-- a view and a text
function f() return math .. 'x' end
