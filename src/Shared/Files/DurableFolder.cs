using System.Runtime.InteropServices;

namespace SessionReplay.Files;

/// <summary>Makes changes of a folder durable. The framework has no call for it: it refuses to open a folder.</summary>
internal static partial class DurableFolder
{
    private const int CloseOnExec = 0x80000;

    /// <summary>
    /// Writes a folder's entries to the disk, so that files made, renamed or removed in it are so after a power cut too (fsync(2),
    /// "Notes"). Does nothing on Windows, whose file system keeps a journal of them.
    /// </summary>
    /// <param name="folder">The folder's path.</param>
    /// <exception cref="IOException">The folder cannot be opened or written.</exception>
    public static void Flush(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var handle = Open(folder, OperatingSystem.IsLinux() ? CloseOnExec : 0);
        if (handle < 0)
        {
            throw Failed(folder);
        }

        try
        {
            if (Sync(handle) != 0)
            {
                throw Failed(folder);
            }
        }
        finally
        {
            _ = Close(handle);
        }
    }

    private static IOException Failed(string folder) =>
        new($"The folder {folder} cannot be written to the disk: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int handle);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int handle);
}
