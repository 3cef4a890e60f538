-- ends: failed
-- ends in the middle
function f() return ('a'):find('[') end
