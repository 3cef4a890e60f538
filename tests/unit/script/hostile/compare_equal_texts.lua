-- ends: overran|exhausted
-- equality of long texts
function f() local s = ('x'):rep(60000) s = s .. s .. s local a, b = s .. 'a', s .. 'a' while a == b do end end
