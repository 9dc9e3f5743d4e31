using SessionReplay.Queues;
using SessionReplay.Testing;

namespace SessionReplay.Shared.Tests.Connections;

public sealed class TlsFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _file;

    public TlsFilesTests()
    {
        _file = _folder.File("file.pem");
        File.WriteAllText(_file, "");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Check_FilesAreThere_FindsNothing()
    {
        Assert.Empty(TlsFiles.Check("O", null));
        Assert.Empty(TlsFiles.Check("O", _file, _file, _file, "password"));
    }

    [Fact]
    public void Check_FileIsMissing_NamesItsOption()
    {
        var failure = Assert.Single(TlsFiles.Check("O", _folder.File("missing.pem")));

        Assert.StartsWith("'O:TlsAuthorityFile' ", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_HalfOfAPair_NamesTheOtherHalf()
    {
        Assert.StartsWith("'O:TlsKeyFile' ", Assert.Single(TlsFiles.Check("O", null, certificate: _file)), StringComparison.Ordinal);
        Assert.StartsWith("'O:TlsCertificateFile' ", Assert.Single(TlsFiles.Check("O", null, key: _file)), StringComparison.Ordinal);
    }

    [Fact]
    public void Check_PasswordWithoutKey_NamesThePassword() =>
        Assert.StartsWith("'O:TlsKeyPassword' ", Assert.Single(TlsFiles.Check("O", null, keyPassword: "secret")), StringComparison.Ordinal);
}
