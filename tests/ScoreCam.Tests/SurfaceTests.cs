using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using FluentAssertions;
using ScoreCam.Skia;
using Xunit;

namespace ScoreCam.Tests;

/// <summary>
/// Tests what the metadata of the shipped assemblies references. No input can test these promises of SECURITY.md.
/// </summary>
public class SurfaceTests
{
    /// <summary>Namespaces and types that must not be used at all.</summary>
    private static readonly string[] Forbidden =
    [
        "System.Reflection.Emit", "System.Linq.Expressions", "Microsoft.CSharp",
        "System.Runtime.CompilerServices.CallSite", "System.Runtime.Loader", "System.Activator", "System.AppDomain",
        "System.Net", "System.Diagnostics.Process", "Microsoft.Win32", "System.Runtime.Serialization",
        "System.Text.Json.JsonSerializer", "System.Console", "System.Diagnostics.Trace",
    ];

    /// <summary>Members that must not be used, although other members of their types are used.</summary>
    private static readonly string[] ForbiddenMembers =
    [
        "System.Environment.GetEnvironmentVariable", "System.Environment.GetEnvironmentVariables",
        "System.Environment.SetEnvironmentVariable", "System.Environment.ExpandEnvironmentVariables",
        "System.Environment.GetFolderPath", "System.AppContext.TryGetSwitch", "System.IO.Path.GetTempPath",
        "System.IO.Path.GetTempFileName", "System.IO.Directory.CreateTempSubdirectory",
        "System.Type.GetType", "System.Type.GetMethod", "System.Type.GetMethods", "System.Type.GetField",
        "System.Type.GetProperty", "System.Type.GetConstructor", "System.Type.InvokeMember",
        "System.Type.MakeGenericType", "System.Object.GetType",
        "System.Delegate.DynamicInvoke", "System.Runtime.InteropServices.NativeLibrary.Load",
        "System.Runtime.InteropServices.Marshal.GetDelegateForFunctionPointer",
    ];

    /// <summary>The library reads the version from its own assembly; the compiler writes the rest.</summary>
    private static readonly string[] Reflection =
        ["CustomAttributeExtensions", "Assembly", "AssemblyName", "AssemblyInformationalVersionAttribute"];

    [Fact]
    public void ScoreCam_references_only_what_it_needs() =>
        Check(typeof(ImageModel).Assembly, ["Microsoft.ML.OnnxRuntime", "System.Numerics.Tensors"], ["setenv"]);

    [Fact]
    public void Skia_references_only_what_it_needs() =>
        Check(typeof(SkiaImage).Assembly, ["ScoreCam", "SkiaSharp"], []);

    [Fact]
    public void Forbidden_members_are_found()
    {
        // This test uses reflection, and the command writes to the console.
        Members(typeof(SurfaceTests).Assembly).Should().Contain(member => IsForbidden(member));
        Members(typeof(global::ScoreCam.Cli.Evaluate.BoxTable).Assembly).Should()
            .Contain(member => member.StartsWith("System.Console."));
    }

    private static void Check(Assembly assembly, string[] packages, string[] nativeFunctions)
    {
        assembly.GetReferencedAssemblies().Select(name => name.Name!)
            .Where(name => !IsFramework(name) || name == "System.Numerics.Tensors").Should().BeSubsetOf(packages);
        Members(assembly).Where(IsForbidden).Should().BeEmpty();
        using PEReader file = new(File.OpenRead(assembly.Location));
        MetadataReader metadata = file.GetMetadataReader();
        metadata.MethodDefinitions.Select(metadata.GetMethodDefinition)
            .Where(method => method.Attributes.HasFlag(MethodAttributes.PinvokeImpl))
            .Select(method => metadata.GetString(method.GetImport().Name)).Should()
            .Equal(nativeFunctions, "only the packages call other native code");
    }

    private static bool IsFramework(string assembly) =>
        assembly.StartsWith("System.", StringComparison.Ordinal) || assembly is "System" or "netstandard";

    private static bool IsForbidden(string member) =>
        Array.Exists(Forbidden, name => member.StartsWith($"{name}.", StringComparison.Ordinal))
            || ForbiddenMembers.Contains(member)
        || (member.Split('.') is ["System", "Reflection", var type, ..] && !Reflection.Contains(type)
            && !type.EndsWith("Attribute", StringComparison.Ordinal));

    /// <summary>
    /// Every member of other assemblies that the assembly references, as Namespace.Type.Member, and every type as
    /// Namespace.Type.
    /// </summary>
    private static List<string> Members(Assembly assembly)
    {
        using PEReader file = new(File.OpenRead(assembly.Location));
        MetadataReader metadata = file.GetMetadataReader();
        List<string> members = [.. metadata.TypeReferences.Select(handle =>
            $"{Name(metadata.GetTypeReference(handle))}.")];
        foreach (MemberReferenceHandle handle in metadata.MemberReferences)
        {
            MemberReference member = metadata.GetMemberReference(handle);
            if (member.Parent.Kind != HandleKind.TypeReference)
                continue;
            TypeReference type = metadata.GetTypeReference((TypeReferenceHandle)member.Parent);
            members.Add($"{Name(type)}.{metadata.GetString(member.Name)}");
        }
        return members;

        string Name(TypeReference type) => $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
    }
}
