-- ends: overran
-- the iterator is slow
function f() for w in ('a'):rep(60000):gmatch('.-.-.-b') do end end
