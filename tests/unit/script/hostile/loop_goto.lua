-- ends: overran
-- no loop statement
function f() ::again:: goto again end
