// Both this project's subject and the helpers hold the generated classes of the wire; here the subject's are meant.
extern alias testing;
global using testing::SessionReplay.Testing;
