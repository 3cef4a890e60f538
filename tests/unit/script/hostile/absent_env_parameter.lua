-- ends: refused
-- an environment as argument
function f(_ENV) x = 1 end
