using System.Runtime.InteropServices;
using SessionReplay.Files;

namespace SessionReplay.Crypto.KeyRing;

/// <summary>Gives a file its name only if the name is free.</summary>
internal static partial class HardLink
{
    private const int FileExists = 17;

    public static bool TryCreate(string existing, string name)
    {
        if (OperatingSystem.IsWindows())
        {
            try
            {
                File.Move(existing, name, overwrite: false);
                return true;
            }
            catch (IOException) when (File.Exists(name))
            {
                return false;
            }
        }

        if (Link(existing, name) == 0)
        {
            DurableFolder.Flush(Path.GetDirectoryName(name)!);
            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        return error == FileExists
            ? false
            : throw new IOException($"The file {name} cannot be made: {Marshal.GetPInvokeErrorMessage(error)}.");
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string name);
}
