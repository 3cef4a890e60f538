-- ends: failed
-- ends behind a percent
function f() return ('a'):find('%') end
