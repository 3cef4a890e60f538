-- ends: failed
-- doubles itself
function f() return (('a'):rep(60000):gsub('.+', '%0%0')) end
