using System.Diagnostics;
using SessionReplay.Testing;

namespace SessionReplay.FaultTests.Hosts;

/// <summary>A file system of a few megabytes in memory, mounted for one test, that can be filled up and freed again.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const int FillPiece = 64 * 1024;
    private readonly TempFolder _folder = new();
    private bool _mounted;

    public string FullPath => _folder.FullPath;

    private string Ballast => _folder.File("ballast");

    /// <summary>Mounts one; skips the test for users who may not mount.</summary>
    public static SmallDisk Mount(int megabytes)
    {
        Skip.IfNot(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root may mount a small file system.");
        var disk = new SmallDisk();
        var error = Run("mount", "-t", "tmpfs", "-o", FormattableString.Invariant($"size={megabytes}m,mode=700"), "tmpfs", disk.FullPath);
        if (error is not null)
        {
            disk.Dispose();
            // A build server has to show this case; elsewhere a container may forbid mounts.
            Skip.If(Environment.GetEnvironmentVariable("CI") != "true", error);
            throw new InvalidOperationException(error);
        }

        disk._mounted = true;
        return disk;
    }

    /// <summary>Takes all space that is left, and keeps taking what is freed, until told to stop; then gives it back.</summary>
    public async Task KeepFullAsync(CancellationToken stopping)
    {
        var piece = new byte[FillPiece];
        await using (var file = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, 0))
        {
            while (!stopping.IsCancellationRequested)
            {
                try
                {
                    await file.WriteAsync(piece, CancellationToken.None);
                }
                catch (IOException)
                {
                    // Full but for less than a piece: ever smaller ones take the rest.
                    piece = piece.Length > 512 ? new byte[piece.Length / 2] : piece;
                    await Task.Delay(10, CancellationToken.None);
                }
            }
        }

        File.Delete(Ballast);
    }

    public void Dispose()
    {
        if (_mounted && Run("umount", FullPath) is not null)
        {
            // Something still holds a file of it open: it goes when that ends.
            Run("umount", "--lazy", FullPath);
        }

        _folder.Dispose();
    }

    private static string? Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : $"{program} ended with {process.ExitCode}: {error.Trim()}";
    }
}
