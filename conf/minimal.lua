-- The least that a service needs; sendad.lua beside this file shows every option.
site = "/etc/senda/site"
state = "/var/lib/senda"
listen = { "unix:/run/senda/senda.sock" }
control = "unix:/run/senda/control.sock"
