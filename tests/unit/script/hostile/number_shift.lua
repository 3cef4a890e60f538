-- ends: done
-- further than there are bits
function f() return 1 << 64 | 1 << -64 | 1 >> 1000 end
