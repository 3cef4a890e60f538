-- ends: overran
-- a long capture compared at every place
function f() local s = ('a'):rep(60000) return s:find('(.*)%1b') end
