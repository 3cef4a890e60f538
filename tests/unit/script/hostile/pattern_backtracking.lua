-- ends: overran
-- each part may take everything
function f() return (('a'):rep(60000)):find(('.-'):rep(30) .. 'b') end
