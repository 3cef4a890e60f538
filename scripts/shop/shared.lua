-- What several stages have to know: while something of theirs is unsolved, nobody is sold anything or asked a favour.

-- They have written to us, and no answer has settled it yet.
function waits_for_an_answer(c)
  return c.context.open_ticket == true
end

-- As a rule these wait in the stage `purchase`, where news of their order are.
function has_trouble_with_an_order(c)
  return c.context.order_status == "delayed" or c.context.order_status == "payment_failed"
end

function has_something_unsolved(c)
  return waits_for_an_answer(c) or has_trouble_with_an_order(c)
end
