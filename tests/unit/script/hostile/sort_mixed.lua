-- ends: failed
-- no order
function f() table.sort({ 1, 'a', {}, f, true }) end
