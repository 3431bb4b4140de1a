"""The programme as data: who may enter, how arms are drawn, what is analysed and when."""
