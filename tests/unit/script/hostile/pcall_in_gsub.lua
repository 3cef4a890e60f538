-- ends: overran
-- catches it while replacing
function f() return (("a"):rep(1000):gsub("a", function() pcall(function() while true do end end) end)) end
