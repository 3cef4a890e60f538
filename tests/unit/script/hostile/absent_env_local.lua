-- ends: refused
-- an environment of one's own
function f() local _ENV = {} x = 1 end
