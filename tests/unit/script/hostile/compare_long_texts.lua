-- ends: overran|exhausted
-- equal for 200,000 bytes
function f() local s = ('x'):rep(60000) s = s .. s .. s local a, b = s .. 'a', s .. 'b' while a < b do end end
